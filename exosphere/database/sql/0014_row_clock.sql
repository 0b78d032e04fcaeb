-- How good the time of each row is: the column "_clock" of people's tables, which are altered by the program. Moments that
-- are still estimates decide it for their rows: that of the start where there is one, as the cell of column 0.
INSERT INTO exosphere.undated (device, table_id, row_key, column_id, boot, uptime_s)
  SELECT DISTINCT ON (u.device, u.table_id, u.row_key) u.device, u.table_id, u.row_key, 0, u.boot, u.uptime_s
    FROM exosphere.undated u JOIN exosphere.data_column c ON c.table_id = u.table_id AND c.id = u.column_id
   ORDER BY u.device, u.table_id, u.row_key, c.content = 'session.start' DESC
  ON CONFLICT DO NOTHING;
