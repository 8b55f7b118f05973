import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { OfferDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import { Time } from '../../shared/time/time';
import { Badge } from '../../shared/ui/labels';
import { OfferedScope } from './offered-scope';

/** Action on an offer. */
export type OfferAction = 'approve' | 'reject' | 'revoke' | 'claim' | 'withdraw';

/** Offers, with the actions that the user can take on each. */
@Component({
  selector: 'app-offer-cards',
  imports: [Badge, MatButton, OfferedScope, Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ul class="surface" [attr.aria-label]="t().pages.offers">
      @for (offer of offers(); track offer.id) {
        <li>
          <div class="offer">
            <p class="title">
              <strong
                ><bdi>{{ offer.user }}</bdi></strong
              >
              <app-badge [tone]="offer.state === 'offered' ? 'strong' : 'quiet'">{{
                t().offers.states[offer.state]
              }}</app-badge>
              <span class="quiet">{{ sourceOf(offer) }}</span>
              <app-time class="quiet" [instant]="offer.creationTime" />
            </p>
            @if (offer.note; as note) {
              <p>
                <bdi>{{ note }}</bdi>
              </p>
            }
            <app-offered-scope [of]="offer" [user]="offer.user" />
            @if (offer.reason; as reason) {
              <p class="second-line">
                <bdi>{{ t().offers.reason(reason) }}</bdi>
              </p>
            }
            @if (offer.decidedBy; as decidedBy) {
              <p class="second-line">
                <bdi>{{ t().offers.decision(decidedBy, offer.decisionReason) }}</bdi>
              </p>
            }
            @if (offer.state === 'offered') {
              <p class="second-line">
                {{ t().offers.claimEnds }} <app-time [instant]="offer.expirationTime" />
              </p>
            }
          </div>
          <div class="row">
            @for (action of actionsOf(offer); track action.name) {
              <button
                type="button"
                disabledInteractive
                [matButton]="action.isMain ? 'tonal' : 'text'"
                [attr.aria-label]="t().offers.of(action.label, sourceOf(offer), offer.user)"
                [disabled]="isBusy()"
                (click)="act.emit({ action: action.name, offer })"
              >
                {{ action.label }}
              </button>
            }
          </div>
        </li>
      } @empty {
        <li class="quiet">{{ t().offers.none }}</li>
      }
    </ul>
  `,
  styles: `
    ul {
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: 12px 24px;
      padding: 16px 20px;
    }
    li + li {
      border-top: 1px solid var(--mat-sys-outline-variant);
    }
    .offer {
      display: grid;
      flex: 1 1 320px;
      gap: 6px;
      min-width: 0;
      overflow-wrap: anywhere;
    }
    .title {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      gap: 4px 10px;
    }
    p {
      margin: 0;
    }
  `,
})
export class OfferCards {
  private readonly session = inject(Session);

  readonly offers = input.required<readonly OfferDto[]>();
  readonly isBusy = input(false);
  readonly act = output<{ action: OfferAction; offer: OfferDto }>();

  protected readonly t = injectTexts();
  private readonly ownName = computed(() => this.session.user()?.name);

  /** Returns the template of a request, or the sender of a link. */
  protected sourceOf({ template, createdBy }: OfferDto): string {
    return template ?? this.t().offers.sentBy(createdBy);
  }

  /** Users claim and withdraw their own offers. Others approve, reject and revoke them. */
  protected actionsOf({ user, state }: OfferDto): { name: OfferAction; label: string; isMain: boolean }[] {
    const { approve, reject, revoke, claim, withdraw } = this.t().offers;
    const isOwn = user === this.ownName();
    if ((state !== 'requested' && state !== 'offered') || !(isOwn || this.session.can('tokens:write'))) {
      return [];
    }
    if (isOwn) {
      return [
        { name: 'withdraw', label: withdraw, isMain: false },
        ...(state === 'offered' ? [{ name: 'claim' as const, label: claim, isMain: true }] : []),
      ];
    }
    return state === 'offered'
      ? [{ name: 'revoke', label: revoke.action, isMain: false }]
      : [
          { name: 'reject', label: reject.action, isMain: false },
          { name: 'approve', label: approve.action, isMain: true },
        ];
  }
}
