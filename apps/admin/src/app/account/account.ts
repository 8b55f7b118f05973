import { ChangeDetectionStrategy, Component, computed, inject, viewChild } from '@angular/core';
import { Enrolment } from '../core/enrolment';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { Activity } from '../shared/activity/activity';
import { guardUnsaved } from '../shared/leave-guard';
import { Icon } from '../shared/ui/icon';
import { PageHeader } from '../shared/ui/page';
import { MyPassword } from './my-password';
import { MyProfile } from './my-profile';
import { MyTokens } from './my-tokens';
import { SecondFactors } from './second-factors/second-factors';

/** Page of the signed-in user: profile, password, second factors, tokens and activity. */
@Component({
  selector: 'app-account',
  imports: [Activity, Icon, MyPassword, MyProfile, MyTokens, PageHeader, SecondFactors],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-page-header [heading]="t().pages.account" [lead]="t().account.lead" />

    @if (isEnrolling()) {
      <p class="notice" role="status"><app-icon name="shield" />{{ t().factors.required }}</p>
      <app-second-factors (added)="completeEnrolment()" />
    } @else if (me(); as me) {
      <div class="columns">
        <app-my-profile [me]="me" />
        <app-my-password id="password" [name]="me.name" (changed)="tokens.reload()" />
      </div>
      <app-second-factors />
      <app-my-tokens #tokens />
      @if (hasActivity()) {
        <section aria-labelledby="my-activity">
          <h2 id="my-activity" class="section-title">{{ t().activity.heading }}</h2>
          <app-activity [of]="me" [sideNames]="t().account.activity" />
        </section>
      }
    }
  `,
  styles: `
    .columns {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      gap: var(--space-4);
    }
    app-second-factors {
      margin-top: var(--space-4);
    }
    app-my-tokens,
    section {
      display: block;
      margin-top: var(--space-10);
    }
    h2 {
      margin-bottom: var(--space-4);
    }
    @media (width < 53.75em) {
      .columns {
        grid-template-columns: minmax(0, 1fr);
      }
    }
  `,
})
export class Account {
  private readonly session = inject(Session);
  private readonly profile = viewChild(MyProfile);
  private readonly password = viewChild(MyPassword);

  protected readonly t = injectTexts();
  private readonly enrolment = inject(Enrolment);
  protected readonly isEnrolling = this.enrolment.isRequired;
  protected readonly me = this.session.user;
  protected readonly hasActivity = computed(() => this.session.can('audit:read'));

  constructor() {
    guardUnsaved(() => Boolean(this.profile()?.isChanged() || this.password()?.isChanged()));
  }

  protected async completeEnrolment(): Promise<void> {
    // The session has all its permissions again.
    await this.session.refresh();
    this.enrolment.complete();
  }
}
