import { Module } from '@nestjs/common';
import { HashQueue } from './hash-queue.js';
import { Passwords } from './passwords.js';

/** Password hashing with a bounded queue; token secrets are plain functions beside it. */
@Module({ providers: [HashQueue, Passwords], exports: [Passwords] })
export class CryptoModule {}
