import { PassThrough, type Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { NDJSON } from '../../http/lists/list-rows.js';
import { ApiExceptionFilter } from '../../http/problems/api-exception.filter.js';
import { type ProgressLine, type ReportProgress } from '../progress.js';

/** Streams the progress of work that takes long, as JSON lines. */
@Injectable()
export class ProgressStream {
  constructor(private readonly errors: ApiExceptionFilter) {}

  /** Returns the response of a route. An error is its last line, because the status has already been sent. */
  send(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (report: ReportProgress) => Promise<object>,
  ): Readable {
    reply.type(NDJSON.contentType);
    const lines = new PassThrough();
    const send = (line: ProgressLine) => lines.write(`${JSON.stringify(line)}\n`);
    void work((progress) => send({ progress }))
      .then(
        (result) => send({ result }),
        (error: unknown) => send({ problem: this.errors.problemOf(error, request) }),
      )
      .finally(() => lines.end());
    return lines;
  }
}
