import { ChangeDetectionStrategy, Component, computed, DOCUMENT, inject, input, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatSelectModule } from '@angular/material/select';
import { Router, RouterLink } from '@angular/router';
import type { OfferDto, OfferState, TokenTemplateDto } from '@latchkey/auth-models';
import { OFFER_STATES } from '@latchkey/auth-models/lists';
import { filter, firstValueFrom, interval } from 'rxjs';
import { injectTexts } from '../../core/language';
import { attempt, Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { confirmed } from '../../shared/dialogs/confirm';
import { loaded } from '../../shared/loaded';
import { onReturn } from '../../shared/on-return';
import { Time } from '../../shared/time/time';
import { oneTimeSecret } from '../../shared/tokens/one-time-secret';
import { Icon } from '../../shared/ui/icon';
import { Badge } from '../../shared/ui/labels';
import { BackLink, PageHeader } from '../../shared/ui/page';
import { LoadState } from '../../shared/ui/states';
import { CreatedToken } from '../created-token';
import { DecideOffer, type Decision } from './decide-offer';
import { OfferedScope } from './offered-scope';
import { OffersApi } from './offers-api';

/** Pause between polls while a request waits for a decision. */
const POLL_MILLISECONDS = 10_000;

/** Action on an offer. */
type OfferAction = Decision['decision'] | 'revoke' | 'claim' | 'withdraw';

/**
 * Page that hands out tokens: by a link, or by requests from templates. Lists the offers that the user may
 * see.
 */
@Component({
  selector: 'app-offers',
  imports: [
    BackLink,
    Badge,
    CreatedToken,
    Icon,
    LoadState,
    MatButton,
    MatFormFieldModule,
    MatSelectModule,
    OfferedScope,
    PageHeader,
    RouterLink,
    Time,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './offers.html',
  styles: `
    :host {
      display: block;
      max-width: 960px;
    }
    mat-form-field {
      justify-self: start;
    }
    .stack > .between {
      margin-top: var(--space-4);
    }
    .between + p {
      margin-top: calc(-1 * var(--space-2));
    }
    li {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: var(--space-3) var(--space-6);
      padding: var(--space-4) var(--space-5);
    }
    li > :first-child {
      display: grid;
      flex: 1 1 320px;
      gap: var(--space-2);
      min-width: 0;
      overflow-wrap: anywhere;
    }
  `,
})
export class Offers {
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
  protected readonly templates = loaded(
    () => (this.canWrite() ? 'templates' : null),
    () => this.api.templates(),
  );

  /** Whether a request of the user waits for a decision by another user. */
  private readonly isWaiting = computed(() =>
    this.offers.value()?.items.some((offer) => offer.state === 'requested' && this.isOwn(offer)),
  );

  constructor() {
    const document = inject(DOCUMENT);
    onReturn(() => this.offers.reload());
    interval(POLL_MILLISECONDS)
      .pipe(
        filter(() => document.visibilityState === 'visible' && this.isWaiting() === true),
        takeUntilDestroyed(),
      )
      .subscribe(() => this.offers.reload());
  }

  protected filter(state: OfferState | ''): void {
    void this.router.navigate([], {
      queryParams: { state: state || null },
      queryParamsHandling: 'merge',
    });
  }

  /** Returns the template of a request, or the sender of a link. */
  protected sourceOf({ template, createdBy }: OfferDto): string {
    return template ?? this.t().offers.sentBy(createdBy);
  }

  /** Users claim and withdraw their own offers. Others approve, reject and revoke them. */
  protected actionsOf(offer: OfferDto): { name: OfferAction; label: string; isMain?: boolean }[] {
    const { approve, reject, claim, withdraw } = this.t().offers;
    const { state } = offer;
    const isOwn = this.isOwn(offer);
    if ((state !== 'requested' && state !== 'offered') || !(isOwn || this.canWrite())) {
      return [];
    }
    if (isOwn) {
      return [
        { name: 'withdraw', label: withdraw },
        ...(state === 'offered' ? [{ name: 'claim' as const, label: claim, isMain: true }] : []),
      ];
    }
    return state === 'offered'
      ? [{ name: 'revoke', label: this.t().tokens.revocation.revoke }]
      : [
          { name: 'reject', label: reject.action },
          { name: 'approve', label: approve.action, isMain: true },
        ];
  }

  protected async act(action: OfferAction, offer: OfferDto): Promise<void> {
    if (action === 'approve' || action === 'reject') {
      const data: Decision = { decision: action, offer };
      const opened = this.dialog.open<DecideOffer, Decision>(DecideOffer, { data, width: '520px' });
      await firstValueFrom(opened.afterClosed());
    } else {
      const { heading, effect } = this.t().offers.revoke;
      const { revoke } = this.t().tokens.revocation;
      const question = { heading: heading(offer.user), consequences: [effect], action: revoke };
      if (action === 'revoke' && !(await confirmed(this.dialog, question))) {
        return;
      }
      await attempt(this.notifier, () => this.send(action, offer), this.isBusy);
    }
    this.offers.reload();
  }

  protected async delete(template: TokenTemplateDto): Promise<void> {
    const { deleteHeading, deleteText, deleted } = this.t().offers.template;
    const { delete: action } = this.t().common;
    const question = { heading: deleteHeading(template.name), consequences: [deleteText], action };
    if (!(await confirmed(this.dialog, question))) {
      return;
    }
    await attempt(this.notifier, async () => {
      await firstValueFrom(this.api.deleteTemplate(template));
      this.notifier.success(deleted(template.name));
    });
    this.templates.reload();
  }

  private isOwn({ user }: OfferDto): boolean {
    return user === this.session.user()?.name;
  }

  private async send(action: 'revoke' | 'claim' | 'withdraw', { id }: OfferDto): Promise<void> {
    if (action === 'claim') {
      this.created.token.set(await firstValueFrom(this.api.claim(id)));
      return;
    }
    await firstValueFrom(this.api[action](id));
    const { revoke, withdrawn } = this.t().offers;
    this.notifier.success(action === 'revoke' ? revoke.done : withdrawn);
  }
}
