import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { Controller, Get, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import express from 'express';
import { fastify } from 'fastify';
// An alias: npm would count @nestjs/platform-express as a production package, because it is an optional peer
// of @nestjs/core.
import { ExpressAdapter, type NestExpressApplication } from 'nest-platform-express';
import { createGuard } from '../../../libs/client/src/express/index.js';
import { latchkey as fastifyPlugin } from '../../../libs/client/src/fastify/index.js';
import {
  Authenticated,
  CurrentPrincipal,
  LatchkeyModule,
  type Principal,
  Public,
  RequirePermissions,
  RequireProof,
  RequireRoles,
} from '../../../libs/client/src/nest/index.js';
import { createVerifier, type VerifierOptions } from '../../../libs/client/src/verifier/verifier.js';

@Controller()
class Routes {
  @Get('open')
  @Public()
  open() {
    return 'open';
  }

  @Get('closed')
  closed() {
    return 'closed';
  }

  @Get('me')
  @Authenticated()
  me(@CurrentPrincipal() { name }: Principal) {
    return name;
  }

  @Get('items/:id')
  @Authenticated()
  item() {
    return 'item';
  }

  @Get('orders')
  @RequirePermissions('orders:read')
  @RequireRoles('editor')
  orders(@CurrentPrincipal() { name }: Principal) {
    return `orders of ${name}`;
  }

  @Get('admin')
  @RequirePermissions('orders:read', 'orders:delete')
  @RequireRoles('owner')
  admin() {
    return 'admin';
  }
}

@Controller('pay')
@RequireProof({ methods: ['otp', 'passkey'] })
class PayRoutes {
  @Get('method')
  method() {
    return 'method';
  }

  @Get('fresh')
  @RequireProof({ fresh: 300 })
  @RequirePermissions('orders:read')
  fresh() {
    return 'fresh';
  }
}

@Controller('strict')
@RequirePermissions('orders:write')
class StrictRoutes {
  @Get('inherited')
  inherited() {
    return 'inherited';
  }

  @Get('authenticated-above')
  @Authenticated()
  @RequirePermissions('orders:write')
  authenticatedAbove() {
    return 'authenticated-above';
  }

  @Get('authenticated-below')
  @RequirePermissions('orders:write')
  @Authenticated()
  authenticatedBelow() {
    return 'authenticated-below';
  }

  @Get('two')
  @RequirePermissions('orders:read')
  @RequirePermissions('orders:write')
  two() {
    return 'two';
  }

  @Get('two-roles')
  @RequireRoles('editor')
  @RequireRoles('owner')
  @RequirePermissions('orders:read')
  twoRoles() {
    return 'two-roles';
  }

  @Get('roles')
  @RequireRoles('editor')
  roles() {
    return 'roles';
  }

  @Get('read')
  @RequirePermissions('orders:read')
  read() {
    return 'read';
  }

  @Get('authenticated')
  @Authenticated()
  authenticated() {
    return 'authenticated';
  }

  @Get('open')
  @Public()
  open() {
    return 'open';
  }
}

@Controller('class')
@Public()
class ClassRoutes {
  @Get('open')
  open() {
    return 'open';
  }

  @Get('me')
  @RequireRoles('editor')
  me() {
    return 'me';
  }
}

/** Application on a port, with the routes above. */
export interface Application {
  server: Server;
  close(): Promise<void>;
}

/** @param trustedProxy address of a proxy whose header fields the framework believes. */
export async function startNestOnFastify(
  options: VerifierOptions,
  trustedProxy?: string,
): Promise<Application> {
  const adapter = new FastifyAdapter({ trustProxy: trustedProxy });
  return listen(await NestFactory.create(rootModule(options), adapter, { logger: false }));
}

export async function startNestOnExpress(
  options: VerifierOptions,
  trustedProxy?: string,
): Promise<Application> {
  const app = await NestFactory.create<NestExpressApplication<Server>>(
    rootModule(options),
    new ExpressAdapter(),
    { logger: false },
  );
  if (trustedProxy !== undefined) {
    app.set('trust proxy', trustedProxy);
  }
  return listen(app);
}

async function listen(app: INestApplication<Server>): Promise<Application> {
  await app.listen(0, '127.0.0.1');
  return { server: app.getHttpServer(), close: () => app.close() };
}

/** Module of a Nest application with the routes above. */
export function rootModule(options: VerifierOptions) {
  return {
    module: class {},
    imports: [LatchkeyModule.forRootAsync({ useFactory: () => Promise.resolve(options) })],
    controllers: [Routes, ClassRoutes, StrictRoutes, PayRoutes],
  };
}

export async function startFastify(options: VerifierOptions, trustedProxy?: string): Promise<Application> {
  const app = fastify({ trustProxy: trustedProxy });
  await app.register(fastifyPlugin, { verifier: createVerifier(options) });
  app.get('/open', { config: { latchkey: 'public' } }, () => 'open');
  app.get('/closed', () => 'closed');
  app.get('/items/:id', { config: { latchkey: 'authenticated' } }, () => 'item');
  app.get('/me', { config: { latchkey: 'authenticated' } }, ({ principal }) => principal?.name);
  app.get(
    '/orders',
    { config: { latchkey: { permissions: ['orders:read'], roles: ['editor'] } } },
    ({ principal }) => `orders of ${principal?.name}`,
  );
  app.get(
    '/admin',
    { config: { latchkey: { permissions: ['orders:read', 'orders:delete'], roles: ['owner'] } } },
    () => 'admin',
  );
  app.get('/pay/method', { config: { latchkey: { methods: ['otp', 'passkey'] } } }, () => 'method');
  app.get(
    '/pay/fresh',
    { config: { latchkey: { permissions: ['orders:read'], fresh: 300, methods: ['otp', 'passkey'] } } },
    () => 'fresh',
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { server: app.server, close: () => app.close() };
}

export async function startExpress(options: VerifierOptions, trustedProxy?: string): Promise<Application> {
  const verifier = createVerifier(options);
  const requireToken = createGuard(verifier);
  const app = express();
  if (trustedProxy !== undefined) {
    app.set('trust proxy', trustedProxy);
  }
  app.get('/open', (_, response) => void response.send('open'));
  app.get('/items/:id', requireToken(), (_, response) => void response.send('item'));
  app.use(requireToken());
  app.get('/me', ({ principal }, response) => void response.send(principal?.name));
  app.get(
    '/orders',
    requireToken({ permissions: ['orders:read'], roles: ['editor'] }),
    ({ principal }, response) => void response.send(`orders of ${principal?.name}`),
  );
  app.get(
    '/admin',
    requireToken({ permissions: ['orders:read', 'orders:delete'], roles: ['owner'] }),
    (_, response) => void response.send('admin'),
  );
  app.get('/pay/method', requireToken({ methods: ['otp', 'passkey'] }), (_, response) => {
    response.send('method');
  });
  app.get(
    '/pay/fresh',
    requireToken({ permissions: ['orders:read'], fresh: 300, methods: ['otp', 'passkey'] }),
    (_, response) => void response.send('fresh'),
  );
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await verifier.close();
  };
  return { server, close };
}
