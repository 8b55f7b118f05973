/** Rows in one part; each is one transaction. */
const ROWS = 200;

/** Characters in one part, which must fit into a request; in UTF-8 a character may take three bytes. */
const LENGTH = 262_144;

/** Gathers rows into parts that one command takes. */
export async function* inParts<Row>(rows: AsyncIterable<Row>): AsyncGenerator<Row[]> {
  let part: Row[] = [];
  let length = 0;
  for await (const row of rows) {
    const more = JSON.stringify(row).length;
    if (part.length === ROWS || (part.length > 0 && length + more > LENGTH)) {
      yield part;
      part = [];
      length = 0;
    }
    part.push(row);
    length += more;
  }
  if (part.length > 0) {
    yield part;
  }
}
