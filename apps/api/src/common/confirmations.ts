import { Injectable, type ExecutionContext } from '@nestjs/common';

/** Asks once more who is calling, and whether they may. Throws as the guards do. */
export type Confirmation = (context: ExecutionContext) => Promise<void>;

/** Lets `auth/` confirm a request that something was awaited for since the guards saw it. */
@Injectable()
export class Confirmations {
  private confirmation: Confirmation | undefined;

  use(confirmation: Confirmation): void {
    this.confirmation = confirmation;
  }

  /** @throws ApplicationError if the caller would not be let in by now. */
  async confirm(context: ExecutionContext): Promise<void> {
    await this.confirmation?.(context);
  }
}
