-- The highest row and session that a device has sent, refused ones included: where a board goes on that has forgotten its own.
ALTER TABLE exosphere.device ADD COLUMN last_sequence bigint NOT NULL DEFAULT 0;
ALTER TABLE exosphere.device ADD COLUMN last_session bigint NOT NULL DEFAULT 0;
-- Which half of which session a refused record is: the other half must not complete somebody else's session.
ALTER TABLE exosphere.quarantine ADD COLUMN kind text;
ALTER TABLE exosphere.quarantine ADD COLUMN table_id integer;
ALTER TABLE exosphere.quarantine ADD COLUMN session bigint;
