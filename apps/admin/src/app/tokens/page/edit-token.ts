import {
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  inject,
  linkedSignal,
  signal,
} from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { MAT_DIALOG_DATA, MatDialog, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { UpdateTokenDto, type UserTokenDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { Language } from '../../core/language';
import { focusOrigin } from '../../shared/focus';
import { dtoField } from '../../shared/forms/dto-field';
import { saveEdit } from '../../shared/forms/save-edit';
import { submission, SubmissionError, SubmitButton } from '../../shared/forms/submission';
import { TextField } from '../../shared/forms/text-field';
import { guardUnsaved } from '../../shared/leave-guard';
import { exactTime, localTime } from '../../shared/time/format-time';
import { chosenExpiry, type ChosenExpiry, type ExpiryChoice, ExpiryPicker } from '../expiry-picker';
import { LimitsFields } from '../limits/limits-fields';
import { changedLimits, limitsForm, limitsIn, limitsOf } from '../limits/limits-form';
import { ScopePicker } from '../scope/scope-picker';
import { ownerGrants } from '../scope/owner-grants';
import { isSameScope, scopeMembers, scopeOf, type TokenScope, widened } from '../scope/token-scope';
import { TokensApi } from '../tokens-api';

/** Part of a token that the dialog edits: note and expiry, roles and permissions, or limits and metadata. */
export type TokenPart = 'note' | 'scope' | 'limits';

interface EditTokenData {
  readonly token: UserTokenDto;
  readonly part: TokenPart;
  /** Permissions and roles to add to the scope. */
  readonly grant: readonly string[];
}

/** Dialog to change a part of a token; closes with the saved token. */
@Component({
  selector: 'app-edit-token',
  imports: [
    ExpiryPicker,
    LimitsFields,
    MatButton,
    MatCheckbox,
    MatDialogModule,
    ReactiveFormsModule,
    ScopePicker,
    SubmissionError,
    SubmitButton,
    TextField,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ t().tokenPage.editing.headings[part] }}</h2>
    <form novalidate class="dialog-form" [formGroup]="form" (ngSubmit)="save()">
      <mat-dialog-content class="stack">
        @switch (part) {
          @case ('note') {
            <app-text-field [control]="form.controls.note" [label]="t().tokenPage.editing.note" />
            @if (token.kind === 'api') {
              <mat-checkbox
                class="flush"
                [checked]="choice() !== null"
                (change)="changeExpiry($event.checked)"
              >
                {{ t().tokenPage.editing.change }}
              </mat-checkbox>
              @if (choice(); as chosen) {
                <app-expiry-picker
                  [label]="t().newToken.expiry.label"
                  [choice]="chosen"
                  (choiceChange)="choice.set($event)"
                />
              }
            }
          }
          @case ('scope') {
            @if (byLink(); as names) {
              <p class="notice">{{ t().picker.byLink(names) }}</p>
            }
            <p class="second-line">{{ t().tokenPage.scope.editLead }}</p>
            <app-scope-picker [owner]="token.user" [(scope)]="scope" />
          }
          @case ('limits') {
            <app-limits-fields [form]="form.controls.limits" />
          }
        }
        <app-submission-error [submission]="submission" />
      </mat-dialog-content>
      <mat-dialog-actions>
        <button matButton type="button" [mat-dialog-close]="undefined">{{ t().common.cancel }}</button>
        <app-submit-button [label]="t().common.save" [submission]="submission" />
      </mat-dialog-actions>
    </form>
  `,
})
export class EditToken {
  private readonly api = inject(TokensApi);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly dialog = inject<MatDialogRef<EditToken, UserTokenDto>>(MatDialogRef);
  private readonly dialogs = inject(MatDialog);
  private readonly language = inject(Language);
  private readonly data = inject<EditTokenData>(MAT_DIALOG_DATA);

  protected readonly token = this.data.token;
  protected readonly part = this.data.part;
  protected readonly t = this.language.texts;
  protected readonly form = inject(NonNullableFormBuilder).group({
    note: [this.token.note ?? '', dtoField(UpdateTokenDto, 'note')],
    limits: limitsForm(limitsOf(this.token)),
  });
  protected readonly submission = submission(this.form);
  /** The requested expiry; `null` = unchanged. */
  protected readonly choice = signal<ExpiryChoice | null>(null);
  /** Roles and permissions of the owner. Read only if there is something to add. */
  private readonly owner = this.data.grant.length > 0 ? ownerGrants(signal(this.token.user)) : null;
  private readonly initialScope = computed(
    () => widened(scopeOf(this.token), this.data.grant, this.owner?.().roles ?? []),
    { equal: isSameScope },
  );
  /** Names of the roles and permissions that the link adds to the token, as one text. */
  protected readonly byLink = computed(() =>
    namesIn(this.initialScope())
      .filter((name) => !namesIn(scopeOf(this.token)).includes(name) && namesIn(this.scope()).includes(name))
      .join(', '),
  );
  protected readonly scope = linkedSignal<TokenScope, TokenScope>({
    source: this.initialScope,
    // The user may have changed the scope before the roles of the owner arrive.
    computation: (initial, before) =>
      before && !isSameScope(before.source, before.value) ? before.value : initial,
  });

  constructor() {
    guardUnsaved(() =>
      this.submission.isSending() ? null : this.form.dirty || this.choice() !== null || this.hasTypedScope(),
    );
  }

  protected changeExpiry(isChanged: boolean): void {
    const { expirationTime } = this.token;
    const present: ExpiryChoice =
      expirationTime === undefined ? { kind: 'none' } : { kind: 'custom', text: localTime(expirationTime) };
    this.choice.set(isChanged ? present : null);
  }

  protected save(): Promise<void> {
    const choice = this.choice();
    const expiry = choice === null ? undefined : chosenExpiry(choice, Date.now());
    if (expiry === null) {
      this.host.querySelector<HTMLElement>('[type=datetime-local]')?.focus();
      return Promise.resolve();
    }
    return this.submission.submit(async () => {
      const { limits, newToken, picker, tokenPage, userAccess } = this.t();
      const format = (instant: string) => exactTime(instant, this.language.tag());
      const saved = await saveEdit(this.dialogs, {
        fields: [
          { field: 'note', label: tokenPage.editing.note },
          { field: 'expirationTime', label: newToken.expiry.label, format },
          { field: 'permissions', label: picker.label },
          { field: 'roles', label: userAccess.roles },
          { field: 'allowedAddresses', label: limits.addresses },
          { field: 'notBefore', label: limits.notBefore, format },
          { field: 'maxUses', label: limits.maxUses },
          { field: 'rateLimit', label: limits.rate },
          { field: 'metadata', label: limits.metadata },
        ],
        base: this.token,
        change: this.change(expiry),
        save: (change, version) => this.api.update(this.token.id, change, version),
        read: () => this.api.get(this.token.id),
      });
      if (saved !== null) {
        this.dialog.close(saved);
      }
    });
  }

  private hasTypedScope(): boolean {
    return !isSameScope(this.initialScope(), this.scope());
  }

  /** Returns only the fields that differ from the token. */
  private change(expiry: ChosenExpiry | undefined): UpdateTokenDto {
    const note = this.form.getRawValue().note.trim() || null;
    const before = scopeMembers(scopeOf(this.token));
    const { permissions, roles } = scopeMembers(this.scope());
    const limits = limitsOf(this.token);
    return {
      ...(note !== (this.token.note ?? null) && { note }),
      ...(expiry !== undefined && { expirationTime: expiry.instant }),
      ...(before.permissions?.join() !== permissions?.join() && { permissions: permissions ?? null }),
      ...(before.roles?.join() !== roles?.join() && { roles: roles ?? null }),
      ...changedLimits(limits, limitsIn(this.form.controls.limits, limits)),
    };
  }
}

function namesIn({ permissions, roles }: TokenScope): readonly string[] {
  return [...(permissions ?? []), ...(roles ?? [])];
}

/**
 * Opens the dialog for a part of a token and returns the saved token.
 *
 * @param grant permissions and roles that are already selected.
 */
export function editToken(
  dialog: MatDialog,
  token: UserTokenDto,
  part: TokenPart,
  grant: readonly string[] = [],
): Promise<UserTokenDto | undefined> {
  const opened = dialog.open<EditToken, EditTokenData, UserTokenDto>(EditToken, {
    data: { token, part, grant },
    width: part === 'scope' ? '720px' : '560px',
    maxWidth: '100vw',
    panelClass: 'app-sheet',
    restoreFocus: focusOrigin(),
  });
  return firstValueFrom(opened.afterClosed());
}
