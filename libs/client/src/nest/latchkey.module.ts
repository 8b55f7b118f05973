import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { createVerifier, type Verifier, type VerifierOptions } from '../verifier/verifier.js';
import { LATCHKEY_VERIFIER, LatchkeyGuard } from './latchkey.guard.js';

/** Options that a factory returns. */
export interface LatchkeyModuleAsyncOptions {
  imports?: DynamicModule['imports'];
  /** Injection tokens of the arguments of the factory. */
  inject?: Extract<Provider, { useFactory: unknown }>['inject'];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- As in Nest: the values of `inject`.
  useFactory: (...dependencies: any[]) => VerifierOptions | Promise<VerifierOptions>;
}

/** Guards all routes of the application, and provides the verifier. */
@Module({})
export class LatchkeyModule implements OnApplicationShutdown {
  constructor(@Inject(LATCHKEY_VERIFIER) private readonly verifier: Verifier) {}

  /** Guards the application with a verifier that has these options. */
  static forRoot(options: VerifierOptions): DynamicModule {
    return LatchkeyModule.forRootAsync({ useFactory: () => options });
  }

  /** Guards the application with a verifier whose options come from other providers. */
  static forRootAsync(options: LatchkeyModuleAsyncOptions): DynamicModule {
    const { imports = [], inject = [], useFactory } = options;
    return {
      module: LatchkeyModule,
      global: true,
      imports,
      providers: [
        {
          provide: LATCHKEY_VERIFIER,
          inject,
          useFactory: async (...dependencies: unknown[]) => createVerifier(await useFactory(...dependencies)),
        },
        { provide: APP_GUARD, useClass: LatchkeyGuard },
      ],
      exports: [LATCHKEY_VERIFIER],
    };
  }

  /** Reports the last uses, when the server has responded to all requests. */
  async onApplicationShutdown(): Promise<void> {
    await this.verifier.close();
  }
}
