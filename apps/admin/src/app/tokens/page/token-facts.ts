import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { UserTokenDto } from '@latchkey/auth-models';
import { Language } from '../../core/language';
import { Session } from '../../core/session';
import { loaded } from '../../shared/loaded';
import { permissionDescription } from '../../shared/roles/permission-text';
import { exactTime } from '../../shared/time/format-time';
import { Time } from '../../shared/time/time';
import { effectiveExpiry, tokenName } from '../../shared/tokens/token';
import { TokenExpiry } from '../../shared/tokens/token-expiry';
import { TokenLastUse } from '../../shared/tokens/token-last-use';
import { TokensApi } from '../tokens-api';

/** Whose a token is, where it comes from, when it ends and what it may do. */
@Component({
  selector: 'app-token-facts',
  imports: [RouterLink, Time, TokenExpiry, TokenLastUse],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './token-facts.html',
  styleUrl: './token-facts.scss',
})
export class TokenFacts {
  private readonly api = inject(TokensApi);
  private readonly language = inject(Language);
  private readonly session = inject(Session);

  readonly token = input.required<UserTokenDto>();

  protected readonly t = this.language.texts;
  protected readonly canSeeUsers = computed(() => this.session.can('users:read'));
  protected readonly end = computed(() =>
    this.token().state === 'revoked' ? null : this.exact(effectiveExpiry(this.token())),
  );
  protected readonly created = computed(() => this.exact(this.token().creationTime));
  private readonly maker = loaded(
    () => this.token().createdByTokenId ?? null,
    (id) => this.api.get(id),
  );
  /** What the token that made this one is known by; its id where it is gone, or not to be seen. */
  protected readonly makerName = computed(() => {
    const maker = this.maker.value();
    return maker === undefined ? this.token().createdByTokenId : tokenName(maker, this.t());
  });

  protected sentence(permission: string): string {
    return permissionDescription(permission, this.t());
  }

  private exact(instant: string | null): string | null {
    return instant === null ? null : exactTime(instant, this.language.tag()).short;
  }
}
