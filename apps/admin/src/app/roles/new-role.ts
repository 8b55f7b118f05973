import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  signal,
  untracked,
} from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { RouterLink } from '@angular/router';
import { CreateRoleDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { dtoField, emptyToUndefined } from '../shared/forms/dto-field';
import { submission, SubmissionError, SubmitButton } from '../shared/forms/submission';
import { TextField } from '../shared/forms/text-field';
import { guardUnsaved } from '../shared/leave-guard';
import { loaded } from '../shared/loaded';
import { injectResourceActions } from '../shared/resources';
import { BackLink, PageHeader } from '../shared/ui/page';
import { mayGrant } from '../shared/roles/roles';
import { PermissionCatalogue } from '../shared/permissions/permission-groups';
import { PermissionEditor } from './permission-editor';
import { injectRoles } from './roles-api';

/** Page that creates a role, optionally as a duplicate of another one. */
@Component({
  selector: 'app-new-role',
  imports: [
    BackLink,
    MatButton,
    MatCheckbox,
    PageHeader,
    PermissionEditor,
    ReactiveFormsModule,
    RouterLink,
    SubmissionError,
    SubmitButton,
    TextField,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './new-role.html',
  styles: `
    .row {
      margin-top: var(--space-6);
    }
  `,
})
export class NewRole {
  private readonly api = injectRoles();
  private readonly actions = injectResourceActions(this.api);
  private readonly catalogue = inject(PermissionCatalogue);
  private readonly session = inject(Session);

  /** Name of the role to duplicate. */
  readonly from = input<string>();

  protected readonly t = injectTexts();
  protected readonly form = inject(NonNullableFormBuilder).group({
    name: ['', dtoField(CreateRoleDto, 'name')],
    description: ['', dtoField(CreateRoleDto, 'description')],
    requiresSecondFactor: false,
  });
  protected readonly submission = submission(this.form);
  protected readonly permissions = loaded(
    () => 'permissions',
    () => this.catalogue.all(),
  );
  protected readonly selected = signal<readonly string[]>([]);
  private readonly original = loaded(
    () => this.from() ?? null,
    (name) => this.api.get(name),
  );
  private readonly typed = toSignal(this.form.valueChanges, { initialValue: this.form.value });
  private readonly hasInput = computed(
    () => Boolean(this.typed().name) || Boolean(this.typed().description) || this.selected().length > 0,
  );

  constructor() {
    guardUnsaved(() => !this.actions.isDone() && this.hasInput());
    effect(() => {
      const { permissions = [], requiresSecondFactor = false } = this.original.value() ?? {};
      // Untracked, because renewing the session must not reset the selection.
      const me = untracked(() => this.session.user());
      this.selected.set(permissions.filter((permission) => mayGrant(me, permission)));
      this.form.controls.requiresSecondFactor.setValue(requiresSecondFactor);
    });
  }

  protected create(): Promise<void> {
    return this.submission.submit(async () => {
      const { name, description, requiresSecondFactor } = this.form.getRawValue();
      await this.actions.create(
        Object.assign(new CreateRoleDto(), {
          name,
          description: emptyToUndefined(description.trim()),
          permissions: [...this.selected()].sort(),
          requiresSecondFactor,
        }),
      );
    });
  }
}
