-- ISO 4217; empty in tables that were made before: their amounts stay bare numbers until an administrator sets the currency.
ALTER TABLE exosphere.data_table ADD COLUMN currency text NOT NULL DEFAULT '';
