import {
  Authenticated,
  CurrentPrincipal,
  LATCHKEY_VERIFIER,
  LatchkeyModule,
  type Principal,
  Public,
  RequirePermissions,
  type Verifier,
} from '@latchkey/client/nest';
import { Controller, Get, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

// Routes without a decorator return 403.
@Controller()
class OrdersController {
  constructor(@Inject(LATCHKEY_VERIFIER) private readonly verifier: Verifier) {}

  @Get('health')
  @Public()
  health() {
    return this.verifier.status();
  }

  @Get('hello')
  @Authenticated()
  hello(@CurrentPrincipal() { name }: Principal) {
    return { hello: name };
  }

  @Get('orders')
  @RequirePermissions('orders:read')
  orders() {
    return [];
  }
}

@Module({
  imports: [
    LatchkeyModule.forRoot({
      url: process.env.AUTH_URL ?? '',
      tokenFile: process.env.AUTH_TOKEN_FILE ?? '',
      name: 'example-nest',
    }),
  ],
  controllers: [OrdersController],
})
class AppModule {}

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: ['warn', 'error'] });
// Closes the verifier at SIGTERM, which reports the last uses.
app.enableShutdownHooks();
await app.listen(process.env.PORT ?? 8080, '127.0.0.1');
