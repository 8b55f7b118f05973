import { Injectable } from '@nestjs/common';

/** Finds the user who has a name; `null` if nobody has. */
export type FindAccount = (name: string) => Promise<{ id: string; name: string } | null>;

/** Lets `users/` say who has a name, so that the throttle need not know users. */
@Injectable()
export class AccountFinder {
  private findAccount: FindAccount | undefined;

  use(findAccount: FindAccount): void {
    this.findAccount = findAccount;
  }

  async find(name: string): Promise<{ id: string; name: string } | null> {
    return (await this.findAccount?.(name)) ?? null;
  }
}
