import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatSelectModule } from '@angular/material/select';
import { Router, RouterLink } from '@angular/router';
import type { OfferDto, OfferState } from '@latchkey/auth-models';
import { OFFER_STATES } from '@latchkey/auth-models/lists';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { problemOf } from '../../core/problem';
import { Session } from '../../core/session';
import { confirmed } from '../../shared/dialogs/confirm';
import type { CanLeave } from '../../shared/leave-guard';
import { loaded } from '../../shared/loaded';
import { oneTimeSecret } from '../../shared/tokens/one-time-secret';
import { Icon } from '../../shared/ui/icon';
import { BackLink, PageHeader } from '../../shared/ui/page';
import { ErrorState } from '../../shared/ui/states';
import { CreatedToken } from '../created-token';
import { DecideOffer, type Decision } from './decide-offer';
import { type OfferAction, OfferCards } from './offer-cards';
import { OffersApi } from './offers-api';
import { RequestToken } from './request-token';
import { TokenTemplates } from './token-templates';

/** Page that hands out tokens: by a link, or by requests from templates. Lists the offers that the user may see. */
@Component({
  selector: 'app-offers',
  imports: [
    BackLink,
    CreatedToken,
    ErrorState,
    Icon,
    MatButton,
    MatFormFieldModule,
    MatSelectModule,
    OfferCards,
    PageHeader,
    RouterLink,
    TokenTemplates,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (created.token()) {
      <app-created-token [secret]="created" [heading]="t().offers.claimed" />
    } @else {
      <app-back-link to="/tokens">{{ t().tokenPage.back }}</app-back-link>
      <app-page-header [heading]="t().pages.offers" [lead]="t().offers.lead">
        @if (canWrite()) {
          <a matButton="filled" routerLink="/tokens/new" [queryParams]="{ user: user(), via: 'link' }">{{
            t().offers.choice.link
          }}</a>
        }
        <button [matButton]="canWrite() ? 'tonal' : 'filled'" type="button" (click)="request()">
          <app-icon matButtonIcon name="plus" />{{ t().offers.request }}
        </button>
      </app-page-header>
      <div class="stack">
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ t().offers.state }}</mat-label>
          <mat-select [value]="state() ?? ''" (selectionChange)="filter($event.value)">
            <mat-option value="">{{ t().offers.all }}</mat-option>
            @for (name of states; track name) {
              <mat-option [value]="name">{{ t().offers.states[name] }}</mat-option>
            }
          </mat-select>
        </mat-form-field>
        @if (offers.value(); as page) {
          <app-offer-cards
            [offers]="page.items"
            [isBusy]="isBusy()"
            (act)="act($event.action, $event.offer)"
          />
          @if (page.total > page.items.length) {
            <p class="quiet">{{ t().offers.more(page.total) }}</p>
          }
        } @else if (offers.problem(); as problem) {
          <div class="surface"><app-error-state [problem]="problem" (retry)="offers.reload()" /></div>
        } @else {
          <div class="surface waiting" aria-busy="true"></div>
        }
        @if (canWrite()) {
          <app-token-templates />
        }
      </div>
    }
  `,
  styles: `
    :host {
      display: block;
      max-width: 960px;
    }
    mat-form-field {
      justify-self: start;
    }
  `,
})
export class Offers implements CanLeave {
  private readonly api = inject(OffersApi);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  private readonly router = inject(Router);
  private readonly session = inject(Session);

  /** Filters, from the URL. */
  readonly state = input<OfferState>();
  readonly user = input<string>();

  protected readonly t = injectTexts();
  protected readonly states = OFFER_STATES;
  protected readonly created = oneTimeSecret();
  protected readonly isBusy = signal(false);
  protected readonly canWrite = computed(() => this.session.can('tokens:write'));
  protected readonly offers = loaded(
    computed(() => ({
      path: this.session.can('tokens:read') ? ('/offers' as const) : ('/me/offers' as const),
      state: this.state(),
      user: this.user(),
    })),
    ({ path, ...filter }) => this.api.list(path, filter),
  );

  mayLeave(): boolean | Promise<boolean> {
    return this.created.mayLeave();
  }

  protected filter(state: OfferState | ''): void {
    void this.router.navigate([], {
      queryParams: { state: state || null },
      queryParamsHandling: 'merge',
    });
  }

  protected async request(): Promise<void> {
    const opened = this.dialog.open<RequestToken, undefined, boolean>(RequestToken, {
      width: '520px',
      panelClass: 'app-sheet',
    });
    if (await firstValueFrom(opened.afterClosed())) {
      this.offers.reload();
    }
  }

  protected async act(action: OfferAction, offer: OfferDto): Promise<void> {
    if (action === 'approve' || action === 'reject') {
      const data: Decision = { decision: action, offer };
      const opened = this.dialog.open<DecideOffer, Decision>(DecideOffer, { data, width: '520px' });
      await firstValueFrom(opened.afterClosed());
      this.offers.reload();
      return;
    }
    const { heading, effect, action: revoke, done } = this.t().offers.revoke;
    const question = { heading: heading(offer.user), consequences: [effect], action: revoke };
    if (action === 'revoke' && !(await confirmed(this.dialog, question))) {
      return;
    }
    this.isBusy.set(true);
    try {
      if (action === 'claim') {
        this.created.token.set(await firstValueFrom(this.api.claim(offer.id)));
      } else {
        await firstValueFrom(this.api[action](offer.id), { defaultValue: undefined });
        this.notifier.success(action === 'revoke' ? done : this.t().offers.withdrawn);
      }
    } catch (error) {
      this.notifier.failure(problemOf(error));
    } finally {
      this.isBusy.set(false);
      this.offers.reload();
    }
  }
}
