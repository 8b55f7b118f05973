/** Operation of the OpenAPI document, as far as the example depends on it. */
export interface ExampleOptions {
  method: string;
  path: string;
  operation: object;
  schemas: object;
}

/** Returns a command for an operation, one option per line. */
export function curlOf(options: ExampleOptions): string;
