import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  output,
  untracked,
} from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatDialog } from '@angular/material/dialog';
import { type PermissionUsageListDto, type RoleDto, UpdateRoleDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Notifier } from '../core/notifier';
import { Session } from '../core/session';
import { dtoField } from '../shared/forms/dto-field';
import { saveEdit } from '../shared/forms/save-edit';
import { submission, SubmissionError, SubmitButton } from '../shared/forms/submission';
import { TextField } from '../shared/forms/text-field';
import { type Loaded, loaded } from '../shared/loaded';
import { sameVersion } from '../shared/resources';
import { PermissionCatalogue } from '../shared/permissions/permission-groups';
import { roleDescription } from '../shared/roles/roles';
import { Icon } from '../shared/ui/icon';
import { changedFields, readOnlyReason } from './role-changes';
import { PermissionEditor } from './permission-editor';
import { injectRoles } from './roles-api';

/** Description and permissions of a role, editable if the user may change it. */
@Component({
  selector: 'app-role-editor',
  imports: [
    Icon,
    MatButton,
    MatCheckbox,
    PermissionEditor,
    ReactiveFormsModule,
    SubmissionError,
    SubmitButton,
    TextField,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './role-editor.html',
  styles: `
    :host {
      display: block;
    }
    .notice {
      margin-bottom: var(--space-5);
    }
    .description {
      font: var(--mat-sys-body-large);
    }
    .save-bar {
      position: sticky;
      bottom: 20px;
      z-index: 3;
      display: flex;
      align-items: center;
      gap: var(--space-2);
      margin-top: var(--space-5);
      padding: var(--space-3) var(--space-3) var(--space-3) var(--space-5);
      border: 1px solid var(--mat-sys-outline-variant);
      border-radius: var(--mat-sys-corner-large);
      background: var(--app-card);
      box-shadow: var(--mat-sys-level3);
    }
    [role='status'] {
      flex: 1;
      font-weight: 550;
    }
    @media (width < 53.75em) {
      .save-bar {
        bottom: calc(80px + env(safe-area-inset-bottom));
        flex-wrap: wrap;
        padding: var(--space-3);
      }
      [role='status'] {
        flex-basis: 100%;
        padding-left: var(--space-1);
        font-size: 0.8125rem;
      }
      app-submit-button {
        flex: 1;
      }
    }
  `,
})
export class RoleEditor {
  private readonly api = injectRoles();
  private readonly catalogue = inject(PermissionCatalogue);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);

  readonly role = input.required<RoleDto>();
  readonly usage = input.required<Loaded<PermissionUsageListDto>>();
  /** Emits the saved role. */
  readonly saved = output<RoleDto>();

  protected readonly t = injectTexts();
  protected readonly form = inject(NonNullableFormBuilder).group({
    description: ['', dtoField(UpdateRoleDto, 'description')],
    requiresSecondFactor: false,
  });
  protected readonly submission = submission(this.form);
  protected readonly permissions = loaded(
    () => 'permissions',
    () => this.catalogue.all(),
  );
  protected readonly description = computed(() => roleDescription(this.role(), this.t()));
  protected readonly readOnlyReason = computed(() =>
    readOnlyReason(this.role(), this.session.user(), this.t()),
  );
  private readonly base = computed(this.role, sameVersion);
  protected readonly selected = linkedSignal((): readonly string[] => this.base().permissions);
  private readonly typed = toSignal(this.form.valueChanges, { initialValue: this.form.value });
  private readonly changes = computed(() => {
    const { description = '', requiresSecondFactor = false } = this.typed();
    return changedFields(
      this.base(),
      { description: description.trim(), requiresSecondFactor },
      this.selected(),
    );
  });
  /** Whether there are unsaved changes. */
  readonly isChanged = computed(
    () => this.readOnlyReason() === null && Object.keys(this.changes()).length > 0,
  );

  constructor() {
    effect(() => {
      this.base();
      untracked(() => this.discard());
    });
  }

  protected discard(): void {
    const { description = '', requiresSecondFactor } = this.base();
    this.form.reset({ description, requiresSecondFactor });
    this.selected.set(this.base().permissions);
    this.submission.clear();
  }

  protected save(): Promise<void> {
    return this.submission.submit(async () => {
      const { name, permissions } = this.base();
      const { page, columns } = this.t().roles;
      const saved = await saveEdit(this.dialog, {
        fields: [
          { field: 'description', label: this.t().common.description },
          { field: 'permissions', label: columns.permissions },
          { field: 'requiresSecondFactor', label: this.t().roles.form.requiresSecondFactor },
        ],
        base: this.base(),
        change: this.changes(),
        save: (change, version) => this.api.update(name, change, version),
        read: () => this.api.get(name),
      });
      if (saved !== null) {
        this.saved.emit(saved);
        if (this.session.user()?.roles.includes(name)) {
          await this.session.refresh();
        }
        const isNarrowed = permissions.some((permission) => !saved.permissions.includes(permission));
        this.notifier.revoked(page.saved(name), isNarrowed ? saved.effectiveBy : undefined);
      }
    });
  }
}
