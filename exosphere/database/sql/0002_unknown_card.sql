-- The card that a device saw last and that no user has, so that it can be given to somebody.
ALTER TABLE exosphere.device ADD COLUMN unknown_card text;
