import { inject, Injectable } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { UpdateUserDto, UserDto } from '@latchkey/auth-models';
import { Language } from '../../core/language';
import { Session } from '../../core/session';
import { saveEdit } from '../../shared/forms/save-edit';
import { UsersApi } from '../users-api';

/** Saves changes to a user and merges them with concurrent ones. */
@Injectable({ providedIn: 'root' })
export class UserEdits {
  private readonly api = inject(UsersApi);
  private readonly dialog = inject(MatDialog);
  private readonly session = inject(Session);
  private readonly texts = inject(Language).texts;

  /**
   * @param base the user before the change.
   * @returns the changed user, or `null` if the merge was cancelled.
   */
  async save(base: UserDto, change: UpdateUserDto): Promise<UserDto | null> {
    const { mail, users, userAccess, userPage } = this.texts();
    const saved = await saveEdit(this.dialog, {
      fields: [
        { field: 'displayName', label: users.form.displayName },
        { field: 'email', label: users.form.email },
        { field: 'responsible', label: mail.responsible },
        { field: 'enabled', label: userPage.profile.mayUse },
        { field: 'roles', label: userAccess.roles },
      ],
      base,
      change,
      save: (patch, version) => this.api.update(base.name, patch, version),
      read: () => this.api.get(base.name),
    });
    if (saved?.id === this.session.user()?.id) {
      await this.session.refresh();
    }
    return saved;
  }
}
