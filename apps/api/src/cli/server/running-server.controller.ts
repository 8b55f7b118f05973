import { type AddressInfo, type Server } from 'node:net';
import { Controller, Get } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import { RequireOperator } from '../../common/request/policy.js';
import { UntrustedProxies, type UntrustedProxy } from '../../http/server/untrusted-proxies.service.js';

/** Address on which the server accepts connections. */
export interface ListeningAddress {
  /** IP address; absent if it does not listen on one. */
  address?: string;
  /** Absent if it does not listen on a port. */
  port?: number;
}

/** Facts about the running server, for the command line. */
@Controller('operator')
@ApiExcludeController()
@RequireOperator()
export class RunningServerController {
  constructor(
    private readonly proxies: UntrustedProxies,
    private readonly adapter: HttpAdapterHost,
  ) {}

  /**
   * Returns the address and the port on which the server accepts connections: that of HOST, or of the socket
   * that systemd passed.
   */
  @Get('address')
  address(): ListeningAddress {
    const { address, port }: ListeningAddress =
      ((this.adapter.httpAdapter.getHttpServer() as Server).address() as AddressInfo | null) ?? {};
    return { address, port };
  }

  /** Lists the senders of X-Forwarded-For that are not trusted proxies. */
  @Get('untrusted-proxies')
  untrustedProxies(): UntrustedProxy[] {
    return this.proxies.list();
  }
}
