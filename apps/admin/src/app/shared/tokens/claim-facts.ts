import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import type { ClaimDetailsDto } from '@latchkey/auth-models';
import { Language } from '../../core/language';
import type { Texts } from '../../core/texts/texts';
import { exactTime } from '../time/format-time';
import { Fact } from '../ui/page';

/** Describes the token that the recipient of a claim link creates. */
@Component({
  selector: 'app-claim-facts',
  imports: [Fact],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <dl class="facts">
      <div [appFact]="t().offers.facts.user">
        <bdi>{{ claim().user }}</bdi>
      </div>
      @if (claim().note; as note) {
        <div [appFact]="t().offers.facts.note">
          <bdi>{{ note }}</bdi>
        </div>
      }
      <div [appFact]="t().offers.facts.scope">
        @for (line of scope(); track line) {
          <span>{{ line }}</span>
        }
        @for (permission of claim().permissions ?? []; track permission) {
          <code>{{ permission }}</code>
        }
      </div>
      @if (claim().allowedAddresses; as addresses) {
        <div [appFact]="t().limits.addresses">
          @for (address of addresses; track address) {
            <code>{{ address }}</code>
          } @empty {
            {{ t().common.none }}
          }
        </div>
      }
      @if (claim().rateLimit; as rate) {
        <div [appFact]="t().limits.rate">{{ rate.limit }} {{ t().limits.per(rate.windowSeconds) }}</div>
      }
      @if (claim().maxUses; as uses) {
        <div [appFact]="t().limits.maxUses">{{ uses }}</div>
      }
      @if (claim().notBefore; as instant) {
        <div [appFact]="t().limits.notBefore">{{ time(instant) }}</div>
      }
      @if (metadata(); as text) {
        <div [appFact]="t().limits.metadata">
          <code>{{ text }}</code>
        </div>
      }
      <div [appFact]="t().offers.facts.expiry">{{ expiry() }}</div>
      <div [appFact]="t().offers.facts.createdBy">
        <bdi>{{ claim().createdBy }}</bdi>
      </div>
      <div [appFact]="t().offers.facts.until">{{ time(claim().expirationTime) }}</div>
    </dl>
  `,
  styles: `
    code,
    span {
      display: block;
    }
    code {
      overflow-wrap: anywhere;
    }
  `,
})
export class ClaimFacts {
  private readonly language = inject(Language);

  readonly claim = input.required<ClaimDetailsDto>();

  protected readonly t = this.language.texts;
  protected readonly scope = computed(() => {
    const { user, permissions, roles } = this.claim();
    const { everything, nothing, permissionsOfRoles } = this.t().offers.facts;
    if (!permissions && !roles) {
      return [everything(user)];
    }
    const isEmpty = (permissions ?? []).length === 0 && (roles ?? []).length === 0;
    return isEmpty ? [nothing] : [...(roles ?? []), ...(permissions ? [] : [permissionsOfRoles])];
  });
  protected readonly expiry = computed(() => claimExpiry(this.claim(), this.language));
  protected readonly metadata = computed(() => {
    const { metadata } = this.claim();
    return metadata === undefined ? null : JSON.stringify(metadata);
  });

  protected time(instant: string): string {
    return exactTime(instant, this.language.tag());
  }
}

/** Returns the expiry of the token that a claim link creates. */
export function claimExpiry(
  { tokenExpiresIn, tokenExpirationTime }: ClaimDetailsDto,
  { texts, tag }: Language,
): string {
  const { after, never } = texts().offers.facts;
  if (tokenExpiresIn !== undefined) {
    return after(lifeInWords(tokenExpiresIn, texts()));
  }
  return tokenExpirationTime === undefined ? never : exactTime(tokenExpirationTime, tag());
}

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** Returns a lifetime in the largest unit that it has at least two of, or one exactly. */
export function lifeInWords(seconds: number, { offers }: Texts): string {
  if (seconds >= 2 * DAY || seconds === DAY) {
    return offers.days(Math.round(seconds / DAY));
  }
  return seconds >= 2 * HOUR || seconds === HOUR
    ? offers.hours(Math.round(seconds / HOUR))
    : offers.minutes(Math.max(1, Math.round(seconds / MINUTE)));
}
