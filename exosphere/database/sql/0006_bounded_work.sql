-- A key of the quarantine that is small however large the record is: an index holds 2,700 bytes at most.
ALTER TABLE exosphere.quarantine ADD COLUMN digest bytea;
UPDATE exosphere.quarantine SET digest = sha256(decode(item_hex, 'hex'));
ALTER TABLE exosphere.quarantine DROP CONSTRAINT quarantine_pkey;
ALTER TABLE exosphere.quarantine ADD PRIMARY KEY (device, sequence, digest);
-- Two numbers of 31 bits are added here.
ALTER TABLE exosphere.undated ALTER COLUMN not_before TYPE bigint;
ALTER TABLE exosphere.undated ALTER COLUMN not_after TYPE bigint;
-- Why the table did not take the moment once it was known; it is tried again when more is known.
ALTER TABLE exosphere.undated ADD COLUMN refused text;
CREATE INDEX undated_boot ON exosphere.undated (device, boot);
-- Moments of which nothing at all is known yet, so that those of one upload are found without reading all of the device.
CREATE INDEX undated_new ON exosphere.undated (device) WHERE not_after IS NULL;
-- Whether more estimates have to be made again than one upload may cost.
ALTER TABLE exosphere.device ADD COLUMN dating_open boolean NOT NULL DEFAULT false;
