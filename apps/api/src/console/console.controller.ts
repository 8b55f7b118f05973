import { randomBytes } from 'node:crypto';
import { Controller, Get, Param, Redirect, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { ApplicationError } from '../common/application-error.js';
import { Public } from '../common/request/policy.js';
import { RepresentedAs } from '../http/negotiation/route-representation.js';
import { ConsoleFiles } from './console-files.js';
import { consolePolicy } from './console-policy.js';

const NONCE_BYTES = 16;
const FOR_EVER = { maxAge: '365d', immutable: true } as const;
const A_WHILE = { maxAge: '1h' } as const;
const FILE_NAME = /\.(js|css|map|json|svg|png|jpg|ico|woff2|txt|webmanifest|br|gz)$/;

/** Serves the administration console. */
@ApiExcludeController()
@Controller()
@Public()
export class ConsoleController {
  constructor(private readonly files: ConsoleFiles) {}

  /** People who open the server's address want the console. */
  @Get()
  @Redirect('/admin/', 302)
  root(): void {
    return undefined;
  }

  /** The console's address without its slash. */
  @Get('admin')
  @Redirect('/admin/', 302)
  withoutSlash(): void {
    return undefined;
  }

  /** A file of the console, or its page, which finds its way by the address. */
  @Get('admin/*')
  @RepresentedAs({ isFixedType: true, ignoresQuery: true })
  serve(@Param('*') path: string | undefined, @Res() reply: FastifyReply): unknown {
    if (path && this.files.isAsset(path)) {
      return reply.sendFile(path, this.files.isImmutable(path) ? FOR_EVER : A_WHILE);
    }
    if (path && FILE_NAME.test(path)) {
      throw new ApplicationError('not_found', {
        detail: 'The console has no such file; reload it to get its new ones.',
      });
    }
    const nonce = randomBytes(NONCE_BYTES).toString('base64url');
    const page = this.files.renderPage(nonce);
    if (page === undefined) {
      throw new ApplicationError('not_found', { detail: 'The console is not built; run npm run build.' });
    }
    return reply
      .type('text/html; charset=utf-8')
      .headers({
        'content-security-policy': consolePolicy(nonce),
        'cross-origin-opener-policy': 'same-origin',
      })
      .send(page);
  }
}
