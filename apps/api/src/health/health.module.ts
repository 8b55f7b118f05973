import { Module, type DynamicModule } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { type Config } from '../platform/config/config.js';
import { HealthController } from './health.controller.js';
import { metricsControllers } from './metrics.controller.js';
import { Readiness } from './readiness.js';
import { SettingsController } from './settings.controller.js';

/** Liveness, readiness, metrics and the effective configuration. */
@Module({})
export class HealthModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: HealthModule,
      imports: [AuditModule],
      controllers: [HealthController, SettingsController, ...metricsControllers(config)],
      providers: [Readiness],
      exports: [Readiness],
    };
  }
}
