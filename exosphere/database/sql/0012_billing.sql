-- Who held which card and bore which name, and when, in UTC seconds: rows are billed by this, so that neither a rename
-- nor another card splits a bill. The values are keys of people/identity.ts.
CREATE TABLE exosphere.identity (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person integer NOT NULL REFERENCES exosphere.person (id),
  kind text NOT NULL CHECK (kind IN ('card', 'name')),
  -- As it is compared, and as it was written.
  value text NOT NULL,
  spelling text NOT NULL,
  since_s bigint NOT NULL,
  until_s bigint
);
CREATE INDEX identity_value ON exosphere.identity (kind, value);
CREATE INDEX identity_person ON exosphere.identity (person);
-- A person who left is still billed for the past.
ALTER TABLE exosphere.person ADD COLUMN deleted_at timestamptz;

-- Sessions that an administrator gave to a person by hand.
CREATE TABLE exosphere.row_assignment (
  table_id integer NOT NULL REFERENCES exosphere.data_table (id),
  device text NOT NULL,
  row_key bigint NOT NULL,
  person integer NOT NULL REFERENCES exosphere.person (id),
  PRIMARY KEY (table_id, device, row_key)
);

-- Issued statements with everything that is on the paper; never changed but for being cancelled.
CREATE TABLE exosphere.statement (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  number text NOT NULL UNIQUE,
  table_id integer NOT NULL REFERENCES exosphere.data_table (id),
  person integer NOT NULL REFERENCES exosphere.person (id),
  from_day date NOT NULL,
  to_day date NOT NULL,
  issued_at timestamptz NOT NULL,
  issued_by text NOT NULL,
  content jsonb NOT NULL,
  -- Of what the paper says of its rows, to see whether they have changed.
  row_hash text NOT NULL,
  cancelled_at timestamptz,
  cancelled_by text
);
CREATE INDEX statement_person ON exosphere.statement (table_id, person, from_day);
CREATE TABLE exosphere.statement_counter (year integer PRIMARY KEY, last integer NOT NULL);

-- Tariffs as they were offered to devices, for the paper.
CREATE TABLE exosphere.tariff (
  device text NOT NULL REFERENCES exosphere.device (id),
  revision integer NOT NULL,
  since timestamptz NOT NULL,
  tariff jsonb NOT NULL,
  PRIMARY KEY (device, revision)
);
