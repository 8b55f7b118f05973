import { Module, type DynamicModule } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { type Config } from '../config/config.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import { HealthController } from './health.controller.js';
import { metricsControllers } from './metrics.controller.js';
import { Readiness } from './readiness.js';

/** Whether the process lives, whether it can serve, and its figures. */
@Module({})
export class HealthModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: HealthModule,
      imports: [AuditModule, RevocationModule],
      controllers: [HealthController, ...metricsControllers(config)],
      providers: [Readiness],
      exports: [Readiness],
    };
  }
}
