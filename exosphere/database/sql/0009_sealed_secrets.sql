-- The format of sealed secrets that the device says it opens; 0 for none, as firmware from before says nothing.
ALTER TABLE exosphere.device ADD COLUMN opens_sealed integer NOT NULL DEFAULT 0;
-- Whether the offered configuration holds a secret; unknown, so taken as true, for offers from before.
ALTER TABLE exosphere.device ADD COLUMN configuration_holds_secrets boolean NOT NULL DEFAULT true;
