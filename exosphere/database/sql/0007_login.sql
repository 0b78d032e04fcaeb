-- Attempts to log in per account (the SHA-256 of the typed name) and browser ('' for all that have not logged in to it before), since the start of a window.
CREATE TABLE exosphere.login_attempt (
  account text NOT NULL,
  browser text NOT NULL,
  attempts integer NOT NULL,
  since timestamptz NOT NULL,
  PRIMARY KEY (account, browser)
);
CREATE INDEX login_attempt_since ON exosphere.login_attempt (since);
