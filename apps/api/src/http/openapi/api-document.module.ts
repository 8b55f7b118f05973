import { Module } from '@nestjs/common';
import { ApiDocumentController } from './api-document.controller.js';
import { ApiDocument } from './api-document.js';

/** Serves the OpenAPI document under `/openapi.json`, and a page to read it under `/docs`. */
@Module({ controllers: [ApiDocumentController], providers: [ApiDocument] })
export class ApiDocumentModule {}
