import { Module } from '@nestjs/common';
import { ThrottleService } from './throttle.service.js';

/** Failure counters per canonical name and per client network. */
@Module({ providers: [ThrottleService], exports: [ThrottleService] })
export class ThrottleModule {}
