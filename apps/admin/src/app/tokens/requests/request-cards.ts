import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { OfferDto, OfferState } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import { Time } from '../../shared/time/time';
import { Badge } from '../../shared/ui/labels';
import { RequestedScope } from './requested-scope';

/** Action on a request. */
export type RequestAction = 'approve' | 'reject' | 'claim' | 'withdraw';

/** Token requests, with the actions that the user can take on each. */
@Component({
  selector: 'app-request-cards',
  imports: [Badge, MatButton, RequestedScope, Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ul class="surface" [attr.aria-label]="label()">
      @for (request of requests(); track request.id) {
        <li>
          <div class="request">
            <p class="title">
              @if (isOwn()) {
                <strong>{{ request.template ?? '' }}</strong>
                <app-badge [tone]="request.state === 'offered' ? 'strong' : 'quiet'">{{
                  t().tokenRequests.statuses[request.state]
                }}</app-badge>
              } @else {
                <strong
                  ><bdi>{{ request.user }}</bdi></strong
                >
                <span class="quiet">{{ request.template ?? '' }}</span>
              }
              <app-time class="quiet" [instant]="request.creationTime" />
            </p>
            @if (request.note; as note) {
              <p>
                <bdi>{{ note }}</bdi>
              </p>
            }
            <app-requested-scope [of]="request" [user]="request.user" />
            @if (request.reason; as reason) {
              <p class="second-line">
                <bdi>{{ t().tokenRequests.reason(reason) }}</bdi>
              </p>
            }
            @if (request.decidedBy; as decidedBy) {
              <p class="second-line">
                <bdi>{{ t().tokenRequests.decision(decidedBy, request.decisionReason) }}</bdi>
              </p>
            }
            @if (isOwn() && request.state === 'offered') {
              <p class="second-line">
                {{ t().tokenRequests.claimEnds }} <app-time [instant]="request.expirationTime" />
              </p>
            }
          </div>
          <div class="row">
            @for (action of actionsOf(request); track action.name) {
              <button
                type="button"
                disabledInteractive
                [matButton]="action.isMain ? 'tonal' : 'text'"
                [attr.aria-label]="t().tokenRequests.of(action.label, request.template ?? '', request.user)"
                [disabled]="isBusy()"
                (click)="act.emit({ action: action.name, request })"
              >
                {{ action.label }}
              </button>
            } @empty {
              @if (!isOwn() && request.user === ownName()) {
                <span class="second-line">{{ t().tokenRequests.ownRequest }}</span>
              }
            }
          </div>
        </li>
      } @empty {
        <li class="quiet">{{ empty() }}</li>
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
    .request {
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
export class RequestCards {
  private readonly session = inject(Session);

  readonly requests = input.required<readonly OfferDto[]>();
  readonly label = input.required<string>();
  readonly empty = input.required<string>();
  /** Whether these are the requests of the signed-in user, to claim and to withdraw; otherwise to approve and to reject. */
  readonly isOwn = input(false);
  readonly isBusy = input(false);
  readonly act = output<{ action: RequestAction; request: OfferDto }>();

  protected readonly t = injectTexts();
  protected readonly ownName = computed(() => this.session.user()?.name);

  protected actionsOf(request: OfferDto): { name: RequestAction; label: string; isMain: boolean }[] {
    const { approve, reject, claim, withdraw } = this.t().tokenRequests;
    if (!this.isOwn()) {
      return this.session.can('tokens:write') && request.user !== this.ownName()
        ? [
            { name: 'reject', label: reject.action, isMain: false },
            { name: 'approve', label: approve.action, isMain: true },
          ]
        : [];
    }
    const isOpen = (['requested', 'offered'] as OfferState[]).includes(request.state);
    return [
      ...(isOpen ? [{ name: 'withdraw' as const, label: withdraw, isMain: false }] : []),
      ...(request.state === 'offered' ? [{ name: 'claim' as const, label: claim, isMain: true }] : []),
    ];
  }
}
