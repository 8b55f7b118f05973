import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { Activity } from '../shared/activity/activity';
import { Appearance } from './appearance';
import { MyPassword } from './my-password';
import { MyProfile } from './my-profile';
import { MyTokens } from './my-tokens';

/** Page of the signed-in user: profile, password, appearance, tokens and activity. */
@Component({
  selector: 'app-account',
  imports: [Activity, Appearance, MyPassword, MyProfile, MyTokens],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './account.html',
  styleUrl: './account.scss',
})
export class Account {
  private readonly session = inject(Session);

  protected readonly t = injectTexts();
  protected readonly me = this.session.me;
  protected readonly hasActivity = computed(() => this.session.can('audit:read'));
}
