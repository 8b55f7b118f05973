/** SQL that ends all tokens stamped so far; read from the row, as a clock may be behind the one that wrote it. */
export const laterEnd = () =>
  'CASE WHEN "tokensEndedBefore" >= :now THEN "tokensEndedBefore" + 1 ELSE CAST(:now AS BIGINT) END';
