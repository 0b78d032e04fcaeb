-- The last nonce moves from the key to the device, which each upload writes anyway: keys are then only read.
ALTER TABLE exosphere.device ADD COLUMN nonce_boot integer NOT NULL DEFAULT 0;
ALTER TABLE exosphere.device ADD COLUMN nonce_counter integer NOT NULL DEFAULT 0;
ALTER TABLE exosphere.device ADD COLUMN nonce_key_id text NOT NULL DEFAULT '';
ALTER TABLE exosphere.device ADD COLUMN nonce_signature text NOT NULL DEFAULT '';
UPDATE exosphere.device d SET nonce_boot = k.last_boot, nonce_counter = k.last_counter, nonce_key_id = k.key_id, nonce_signature = k.last_signature
  FROM (SELECT DISTINCT ON (device) device, key_id, last_boot, last_counter, last_signature FROM exosphere.device_key ORDER BY device, last_boot DESC, last_counter DESC) k
 WHERE k.device = d.id;
ALTER TABLE exosphere.device_key ADD COLUMN used boolean NOT NULL DEFAULT false;
UPDATE exosphere.device_key SET used = true WHERE last_boot > 0;
ALTER TABLE exosphere.device_key DROP COLUMN last_boot;
ALTER TABLE exosphere.device_key DROP COLUMN last_counter;
ALTER TABLE exosphere.device_key DROP COLUMN last_signature;
-- Moves with everything that an upload's outcome depends on, so that one statement can see that nothing has changed since it was planned.
ALTER TABLE exosphere.device ADD COLUMN revision bigint NOT NULL DEFAULT 0;
-- Moves with each change of a table's description, under a lock that keeps writers of the table away.
ALTER TABLE exosphere.data_table ADD COLUMN version integer NOT NULL DEFAULT 1;
