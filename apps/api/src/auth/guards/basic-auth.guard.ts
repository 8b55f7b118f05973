import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { requestOf } from '../../common/request/http-context.js';
import { principalOf } from '../../common/request/principal.js';
import { BASIC } from '../strategies/basic.strategy.js';

/** Authenticates by name and password. `@UseGuards(BasicAuthGuard)` on a route replaces the token there. */
@Injectable()
export class BasicAuthGuard extends AuthGuard(BASIC) {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = requestOf(context);
    // The global guard has already called this one, before the permissions are checked.
    if (principalOf(request)?.scheme === 'basic') {
      return true;
    }
    request.expectsBasic = true;
    return (await super.canActivate(context)) as boolean;
  }
}
