-- What each record of a device was, as the first 48 bits of its SHA-256: a second board under the same id counts from 1 again.
CREATE TABLE exosphere.record_content (
  device text NOT NULL,
  sequence bigint NOT NULL,
  content bigint NOT NULL,
  PRIMARY KEY (device, sequence)
);
-- The highest command that the device said it has taken up.
ALTER TABLE exosphere.device ADD COLUMN command_taken integer;
-- Commands count per device: a device keeps its highest, and one device's count must not move another's.
ALTER TABLE exosphere.command ALTER COLUMN id DROP IDENTITY;
ALTER TABLE exosphere.command DROP CONSTRAINT command_pkey;
ALTER TABLE exosphere.command ADD PRIMARY KEY (device, id);
