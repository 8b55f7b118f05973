import { ChangeDetectionStrategy, Component, effect, inject, input, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { OfferDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { Language } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { problemOf } from '../../core/problem';
import { Session } from '../../core/session';
import { confirmed } from '../../shared/dialogs/confirm';
import { loaded } from '../../shared/loaded';
import { exactTime } from '../../shared/time/format-time';
import { ErrorState } from '../../shared/ui/states';
import { UsersApi } from '../users-api';

/** Open claim links for tokens of a user; nothing if there are none. */
@Component({
  selector: 'app-claim-links',
  imports: [ErrorState, MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (links.value()?.items; as items) {
      @if (items.length > 0) {
        <section class="card">
          <h2 class="card-title">{{ t().claimLinks.list.heading }}</h2>
          <p class="quiet">{{ t().claimLinks.list.lead }}</p>
          <ul>
            @for (link of items; track link.id) {
              <li class="row between">
                <div>
                  <bdi>{{ link.note ?? t().tokens.noNote }}</bdi>
                  <p class="second-line">
                    {{ t().claimLinks.list.by(link.createdBy, time(link.expirationTime)) }}
                  </p>
                </div>
                @if (canDelete) {
                  <button matButton type="button" (click)="delete(link)">
                    {{ t().claimLinks.list.delete }}
                  </button>
                }
              </li>
            }
          </ul>
        </section>
      }
    } @else if (links.problem(); as problem) {
      <section class="card">
        <h2 class="card-title">{{ t().claimLinks.list.heading }}</h2>
        <app-error-state [problem]="problem" (retry)="links.reload()" />
      </section>
    }
  `,
  styles: `
    section {
      margin-bottom: 24px;
    }
    ul {
      margin: 8px 0 0;
      padding: 0;
      list-style: none;
    }
    li {
      padding: 8px 0;
      border-top: 1px solid var(--mat-sys-outline-variant);
    }
    li > div {
      min-width: 0;
    }
  `,
})
export class ClaimLinks {
  private readonly api = inject(UsersApi);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  private readonly language = inject(Language);

  /** Name of the user. */
  readonly user = input.required<string>();
  /** Count of changes elsewhere on the page. Each change reloads the links. */
  readonly changes = input(0);

  protected readonly t = this.language.texts;
  protected readonly canDelete = inject(Session).can('tokens:write');
  protected readonly links = loaded(
    () => this.user(),
    (user) => this.api.openClaimLinks(user),
  );

  constructor() {
    effect(() => {
      if (this.changes() > 0) {
        untracked(() => this.links.reload());
      }
    });
  }

  protected time(instant: string): string {
    return exactTime(instant, this.language.tag()).short;
  }

  protected async delete({ id, note }: OfferDto): Promise<void> {
    const { question, delete: action, deleted } = this.t().claimLinks.list;
    const { heading, effect: text } = question;
    const isConfirmed = await confirmed(this.dialog, {
      heading,
      ...(note !== undefined && { subject: note }),
      consequences: [text],
      action,
    });
    if (!isConfirmed) {
      return;
    }
    try {
      await firstValueFrom(this.api.deleteClaimLink(id), { defaultValue: undefined });
      this.notifier.success(deleted);
    } catch (error) {
      this.notifier.failure(problemOf(error));
    }
    this.links.reload();
  }
}
