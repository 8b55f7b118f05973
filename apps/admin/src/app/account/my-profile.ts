import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, inject, input, viewChild } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { MeDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Notifier } from '../core/notifier';
import { Session } from '../core/session';
import { type ProfileChange, ProfileForm } from '../shared/forms/profile-form';
import { saveEdit } from '../shared/forms/save-edit';
import { GrantLink } from '../shared/permissions/grant-link';

/** Profile of the signed-in user. */
@Component({
  selector: 'app-my-profile',
  imports: [GrantLink, ProfileForm],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'card' },
  template: `
    <h2 class="section-title">{{ t().account.profile.heading }}</h2>
    <p class="second-line">
      <bdi>{{ me().name }}</bdi> · {{ t().userAccess.roles }}:
      @for (role of me().roles; track role) {
        <app-grant-link [name]="role" />{{ $last ? '' : ', ' }}
      } @empty {
        {{ t().common.none }}
      }
    </p>
    <app-profile-form isOwn [profile]="me()" [save]="save" (saved)="finish()" />
  `,
})
export class MyProfile {
  private readonly http = inject(HttpClient);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);
  private readonly form = viewChild.required(ProfileForm);

  readonly me = input.required<MeDto>();

  protected readonly t = injectTexts();
  protected readonly save = (base: MeDto, change: ProfileChange): Promise<MeDto | null> => {
    const { displayName, email } = this.t().users.form;
    return saveEdit(this.dialog, {
      fields: [
        { field: 'displayName', label: displayName },
        { field: 'email', label: email },
      ],
      base,
      change,
      save: (patch, version) => this.http.patch<MeDto>('/me', { ...patch, version }),
      read: () => this.http.get<MeDto>('/me'),
    });
  };

  /** Whether there are unsaved changes. */
  isChanged(): boolean {
    return this.form().isChanged();
  }

  protected async finish(): Promise<void> {
    await this.session.refresh();
    this.notifier.success(this.t().account.profile.saved);
  }
}
