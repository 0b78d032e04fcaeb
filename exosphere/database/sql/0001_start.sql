-- The endpoint's own records. Tables that people design live in the schema "public", next to nothing else.
-- Every key begins with the device, so that a distributed engine can place a device's rows together.

CREATE TABLE exosphere.device (
  id text PRIMARY KEY,
  name text NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  configuration text,
  configuration_revision integer NOT NULL DEFAULT 0,
  min_interval_s integer,
  -- What the device said last.
  last_contact timestamptz,
  boot integer,
  uptime_s integer,
  firmware_version text,
  board text,
  memory_free integer,
  pending integer,
  set_aside integer,
  lost integer,
  ring_fill integer,
  clock_offset_s integer,
  faults text,
  users_held integer,
  configuration_held integer
);

CREATE TABLE exosphere.device_key (
  key_id text PRIMARY KEY,
  device text NOT NULL REFERENCES exosphere.device (id),
  sealed text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz,
  last_boot integer NOT NULL DEFAULT 0,
  last_counter integer NOT NULL DEFAULT 0,
  last_signature text NOT NULL DEFAULT ''
);
CREATE INDEX device_key_device ON exosphere.device_key (device);

CREATE TABLE exosphere.data_table (
  id integer PRIMARY KEY,
  name text NOT NULL UNIQUE,
  mode text NOT NULL CHECK (mode IN ('session', 'event')),
  minor_digits integer NOT NULL DEFAULT 2,
  time_zone text NOT NULL DEFAULT 'UTC',
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE exosphere.data_column (
  table_id integer NOT NULL REFERENCES exosphere.data_table (id),
  id integer NOT NULL CHECK (id BETWEEN 1 AND 255),
  position integer NOT NULL,
  name text NOT NULL,
  type text NOT NULL,
  content text NOT NULL DEFAULT '',
  PRIMARY KEY (table_id, id),
  UNIQUE (table_id, name)
);

-- Records that no table can take, byte for byte as the device sent them.
CREATE TABLE exosphere.quarantine (
  device text NOT NULL,
  sequence bigint NOT NULL,
  item_hex text NOT NULL,
  reason text NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (device, sequence, item_hex)
);

CREATE TABLE exosphere.loss (
  device text NOT NULL,
  sequence bigint NOT NULL,
  row_count integer NOT NULL,
  first integer NOT NULL,
  reason integer NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (device, sequence)
);

CREATE TABLE exosphere.gap (
  device text NOT NULL,
  sequence bigint NOT NULL,
  first_sequence bigint NOT NULL,
  last_sequence bigint NOT NULL,
  row_count integer NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (device, sequence)
);

-- At `uptime_s` of that boot it was `epoch_s`, says the device.
CREATE TABLE exosphere.clock_fact (
  device text NOT NULL,
  sequence bigint NOT NULL,
  boot integer NOT NULL,
  uptime_s integer NOT NULL,
  epoch_s integer NOT NULL,
  PRIMARY KEY (device, sequence)
);
CREATE INDEX clock_fact_boot ON exosphere.clock_fact (device, boot);

-- At `uptime_s` of that boot it was not later than `epoch_s`, says the clock of the endpoint.
CREATE TABLE exosphere.boot_seen (
  device text NOT NULL,
  boot integer NOT NULL,
  uptime_s integer NOT NULL,
  epoch_s integer NOT NULL,
  PRIMARY KEY (device, boot)
);

-- Moments still known as boot and uptime only; row_key is the session, or the sequence in event tables.
CREATE TABLE exosphere.undated (
  device text NOT NULL,
  table_id integer NOT NULL,
  row_key bigint NOT NULL,
  column_id integer NOT NULL,
  boot integer NOT NULL,
  uptime_s integer NOT NULL,
  not_before integer,
  not_after integer,
  PRIMARY KEY (device, table_id, row_key, column_id)
);

-- Totals per device and day (in the time zone of the table). `version` moves with every change of rows; the sums hold for `summed`.
CREATE TABLE exosphere.rollup (
  device text NOT NULL,
  table_id integer NOT NULL,
  day date NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  summed bigint NOT NULL DEFAULT 0,
  row_count bigint NOT NULL DEFAULT 0,
  energy_wh numeric NOT NULL DEFAULT 0,
  duration_s numeric NOT NULL DEFAULT 0,
  cost numeric NOT NULL DEFAULT 0,
  PRIMARY KEY (device, table_id, day)
);
CREATE INDEX rollup_table ON exosphere.rollup (table_id, day);
CREATE INDEX rollup_stale ON exosphere.rollup (table_id) WHERE version <> summed;

CREATE TABLE exosphere.person (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fields jsonb NOT NULL,
  valid_from integer NOT NULL DEFAULT 0,
  valid_until integer NOT NULL DEFAULT 0
);
CREATE TABLE exosphere.card (
  uid text PRIMARY KEY,
  person integer NOT NULL REFERENCES exosphere.person (id) ON DELETE CASCADE
);
CREATE INDEX card_person ON exosphere.card (person);
CREATE TABLE exosphere.users_version (id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1), version integer NOT NULL);
INSERT INTO exosphere.users_version (version) VALUES (0);

CREATE TABLE exosphere.command (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  device text NOT NULL REFERENCES exosphere.device (id),
  text text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  status integer,
  result text,
  done_at timestamptz
);
CREATE INDEX command_open ON exosphere.command (device, id) WHERE status IS NULL;

CREATE TABLE exosphere.account (
  name text PRIMARY KEY,
  role text NOT NULL CHECK (role IN ('admin', 'viewer')),
  password_hash text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
-- Only hashes of secrets: a copy of the database lets nobody in.
CREATE TABLE exosphere.credential (
  secret_hash text PRIMARY KEY,
  account text NOT NULL REFERENCES exosphere.account (name) ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('session', 'token', 'link')),
  note text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);

CREATE TABLE exosphere.audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  actor text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}'
);
