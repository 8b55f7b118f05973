import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import type { UserTokenDto } from '@latchkey/auth-models';
import { Language } from '../../core/language';
import { Session } from '../../core/session';
import { loaded } from '../../shared/loaded';
import { exactTime } from '../../shared/time/format-time';
import { Time } from '../../shared/time/time';
import { effectiveExpiry, tokenName } from '../../shared/tokens/token';
import { TokenExpiry, TokenLastUse } from '../../shared/tokens/token-cells';
import { Fact, NameLink } from '../../shared/ui/page';
import { TokensApi } from '../tokens-api';

/** Owner, origin and expiry of a token. */
@Component({
  selector: 'app-token-facts',
  imports: [Fact, NameLink, Time, TokenExpiry, TokenLastUse],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './token-facts.html',
  styles: `
    .facts {
      margin-top: var(--space-3);
    }
  `,
})
export class TokenFacts {
  private readonly api = inject(TokensApi);
  private readonly language = inject(Language);

  readonly token = input.required<UserTokenDto>();

  protected readonly t = this.language.texts;
  protected readonly canSeeUsers = inject(Session).can('users:read');
  protected readonly expiry = computed(() => this.exact(effectiveExpiry(this.token())));
  protected readonly created = computed(() => this.exact(this.token().creationTime));
  private readonly parent = loaded(
    () => this.token().createdByTokenId ?? null,
    (id) => this.api.get(id),
  );
  /** Name of the token that created this one, or its id if it is gone or not visible. */
  protected readonly parentName = computed(() => {
    const parent = this.parent.value();
    return parent === undefined ? this.token().createdByTokenId : tokenName(parent, this.t());
  });

  private exact(instant: string | null): string | null {
    return instant === null ? null : exactTime(instant, this.language.tag());
  }
}
