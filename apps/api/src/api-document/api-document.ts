import { type INestApplication } from '@nestjs/common';
import { describeApi } from './describe-api.js';

/** The OpenAPI document as it is sent: built once, when it is first requested. */
export class ApiDocument {
  private app: INestApplication | undefined;
  private built: Buffer | undefined;

  /** States which application the document describes. */
  describe(app: INestApplication): void {
    this.app = app;
  }

  /** The document in JSON. */
  json(): Buffer {
    if (!this.app) {
      throw new Error('The application is not known yet. Call describe() before the server listens.');
    }
    this.built ??= Buffer.from(JSON.stringify(describeApi(this.app)));
    return this.built;
  }
}
