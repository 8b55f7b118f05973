import { Module } from '@nestjs/common';
import { HashQueue } from './hash-queue.js';
import { Passwords } from './passwords.js';

/** Password hashing with a bounded queue. The functions for token secrets need no module. */
@Module({ providers: [HashQueue, Passwords], exports: [Passwords] })
export class CryptoModule {}
