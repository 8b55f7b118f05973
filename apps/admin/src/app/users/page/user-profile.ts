import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  output,
  viewChild,
} from '@angular/core';
import type { UserDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { type ProfileChange, ProfileForm } from '../../shared/forms/profile-form';
import { Fact } from '../../shared/ui/page';
import { UserEdits } from './user-edits';

/** Profile of a user, as a form for those who may change it. */
@Component({
  selector: 'app-user-profile',
  imports: [Fact, ProfileForm],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="two-columns">
      @if (canWrite()) {
        <app-profile-form class="card" [profile]="user()" [save]="save" (saved)="finish($event)" />
      }
      <dl class="facts">
        @if (!canWrite()) {
          <div [appFact]="t().users.form.displayName">
            <bdi>{{ user().displayName ?? t().userPage.profile.none }}</bdi>
          </div>
          <div [appFact]="t().users.form.email">
            <bdi>{{ user().email ?? t().userPage.profile.none }}</bdi>
          </div>
        }
        @if (!canWrite() && user().responsible) {
          <div [appFact]="t().mail.responsible">
            <bdi>{{ user().responsible }}</bdi>
          </div>
        }
        <div [appFact]="t().userPage.profile.id">
          <code>{{ user().id }}</code>
        </div>
        <div [appFact]="t().userPage.profile.version">{{ user().version }}</div>
      </dl>
    </div>
  `,
})
export class UserProfile {
  private readonly edits = inject(UserEdits);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);
  private readonly form = viewChild(ProfileForm);

  readonly user = input.required<UserDto>();
  readonly changed = output<UserDto>();

  protected readonly t = injectTexts();
  protected readonly canWrite = computed(() => this.session.can('users:write'));
  protected readonly save = (base: UserDto, change: ProfileChange): Promise<UserDto | null> =>
    this.edits.save(base, change);

  /** Whether there are unsaved changes. */
  isChanged(): boolean {
    return this.form()?.isChanged() ?? false;
  }

  protected finish(saved: UserDto): void {
    this.changed.emit(saved);
    this.notifier.success(this.t().userPage.profile.saved(saved.name));
  }
}
