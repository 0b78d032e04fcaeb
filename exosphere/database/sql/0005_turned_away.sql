-- The last request that was turned away under a device's name, or ('') under a key id that no device has. One row a device, written once a minute at most.
CREATE TABLE exosphere.turned_away (
  device text PRIMARY KEY,
  problem text NOT NULL,
  key_id text NOT NULL,
  at timestamptz NOT NULL
);
