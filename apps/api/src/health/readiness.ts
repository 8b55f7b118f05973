import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { HealthDto } from '@latchkey/auth-models';
import { DataSource } from 'typeorm';

/** Whether the process should be sent requests. */
@Injectable()
export class Readiness {
  private isStopping = false;

  constructor(@InjectDataSource() private readonly source: DataSource) {}

  /** Turns red ahead of the stop, so that a balancer sends no more. */
  stop(): void {
    this.isStopping = true;
  }

  async check(): Promise<HealthDto> {
    if (this.isStopping) {
      return { status: 'unavailable', reason: 'The server is stopping.' };
    }
    try {
      await this.source.query('SELECT 1');
      return { status: 'ok' };
    } catch {
      return { status: 'unavailable', reason: 'The database does not answer.' };
    }
  }
}
