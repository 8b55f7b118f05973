import { Module } from '@nestjs/common';
import { ConsoleController, ConsoleFiles } from './console.controller.js';

/** Serves the built administration console under `/admin/`. */
@Module({ controllers: [ConsoleController], providers: [ConsoleFiles] })
export class ConsoleModule {}
