import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { RouterLink } from '@angular/router';
import type { OfferDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { problemOf } from '../../core/problem';
import { Session } from '../../core/session';
import type { CanLeave } from '../../shared/leave-guard';
import { loaded } from '../../shared/loaded';
import { oneTimeSecret } from '../../shared/tokens/one-time-secret';
import { Icon } from '../../shared/ui/icon';
import { BackLink, PageHeader } from '../../shared/ui/page';
import { ErrorState } from '../../shared/ui/states';
import { CreatedToken } from '../created-token';
import { DecideRequest, type Decision } from './decide-request';
import { type RequestAction, RequestCards } from './request-cards';
import { RequestToken } from './request-token';
import { RequestsApi } from './requests-api';

/** Page with the requests of the user, and with those that the user may decide on. */
@Component({
  selector: 'app-token-requests',
  imports: [BackLink, CreatedToken, ErrorState, Icon, MatButton, PageHeader, RequestCards, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (created.token()) {
      <app-created-token [secret]="created" [heading]="t().tokenRequests.claimed" />
    } @else {
      <app-back-link to="/tokens">{{ t().tokenPage.back }}</app-back-link>
      <app-page-header [heading]="t().pages.tokenRequests" [lead]="t().tokenRequests.lead">
        @if (canDecide()) {
          <a matButton="tonal" routerLink="/tokens/templates">{{ t().tokenRequests.templates }}</a>
        }
        <button matButton="filled" type="button" (click)="request()">
          <app-icon matButtonIcon name="plus" />{{ t().tokenRequests.request }}
        </button>
      </app-page-header>
      <div class="stack">
        @if (seesAll()) {
          <h2 class="section-title">{{ t().tokenRequests.others }}</h2>
          @if (pending.value(); as page) {
            <app-request-cards
              [requests]="page.items"
              [label]="t().tokenRequests.others"
              [empty]="t().tokenRequests.noneOthers"
              [isBusy]="isBusy()"
              (act)="act($event.action, $event.request)"
            />
            @if (page.total > page.items.length) {
              <p class="quiet">{{ t().tokenRequests.more(page.total) }}</p>
            }
          } @else if (pending.problem(); as problem) {
            <div class="surface"><app-error-state [problem]="problem" (retry)="pending.reload()" /></div>
          } @else {
            <div class="surface waiting" aria-busy="true"></div>
          }
        }
        <h2 class="section-title">{{ t().tokenRequests.own }}</h2>
        @if (own.value(); as page) {
          <app-request-cards
            [isOwn]="true"
            [requests]="page.items"
            [label]="t().tokenRequests.own"
            [empty]="t().tokenRequests.noneOwn"
            [isBusy]="isBusy()"
            (act)="act($event.action, $event.request)"
          />
        } @else if (own.problem(); as problem) {
          <div class="surface"><app-error-state [problem]="problem" (retry)="own.reload()" /></div>
        } @else {
          <div class="surface waiting" aria-busy="true"></div>
        }
      </div>
    }
  `,
  styles: `
    :host {
      display: block;
      max-width: 960px;
    }
  `,
})
export class TokenRequests implements CanLeave {
  private readonly api = inject(RequestsApi);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);

  protected readonly t = injectTexts();
  protected readonly created = oneTimeSecret();
  protected readonly isBusy = signal(false);
  protected readonly seesAll = computed(() => this.session.can('tokens:read'));
  protected readonly canDecide = computed(() => this.session.can('tokens:write'));
  protected readonly own = loaded(
    () => 'own',
    () => this.api.own(),
  );
  protected readonly pending = loaded(
    () => (this.seesAll() ? 'pending' : null),
    () => this.api.pending(),
  );

  mayLeave(): boolean | Promise<boolean> {
    return this.created.mayLeave();
  }

  protected async request(): Promise<void> {
    const opened = this.dialog.open<RequestToken, undefined, boolean>(RequestToken, {
      width: '520px',
      panelClass: 'app-sheet',
    });
    if (await firstValueFrom(opened.afterClosed())) {
      this.reload();
    }
  }

  protected async act(action: RequestAction, request: OfferDto): Promise<void> {
    if (action === 'approve' || action === 'reject') {
      const data: Decision = { decision: action, request };
      const opened = this.dialog.open<DecideRequest, Decision>(DecideRequest, { data, width: '520px' });
      await firstValueFrom(opened.afterClosed());
      this.reload();
      return;
    }
    this.isBusy.set(true);
    try {
      if (action === 'claim') {
        this.created.token.set(await firstValueFrom(this.api.claim(request.id)));
      } else {
        await firstValueFrom(this.api.withdraw(request.id));
        this.notifier.success(this.t().tokenRequests.withdrawn);
      }
    } catch (error) {
      this.notifier.failure(problemOf(error));
    } finally {
      this.isBusy.set(false);
      this.reload();
    }
  }

  private reload(): void {
    this.own.reload();
    this.pending.reload();
  }
}
