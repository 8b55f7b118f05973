import { FormControl, type ValidatorFn } from '@angular/forms';
import { CreateUserDto, DISPLAY_NAME_MAX_LENGTH, SetUpDto } from '@latchkey/auth-models';
import { EN } from '../../core/texts/en';
import { dtoField } from './dto-field';
import { errorText } from './field-error';

const name = dtoField(CreateUserDto, 'name');
const email = dtoField(CreateUserDto, 'email');

const message = (field: ValidatorFn, value: string) => errorText(field(new FormControl(value)), EN);

describe('dtoField', () => {
  it('accepts valid values', () => {
    expect(name(new FormControl('anna.müller'))).toBeNull();
  });

  it('rejects invalid values with a message', () => {
    expect(message(name, 'two words')).toContain('of one script');
  });

  it('reports a missing required field', () => {
    expect(message(name, '')).toBe('This field is required.');
  });

  it('accepts an empty optional field', () => {
    expect(email(new FormControl(''))).toBeNull();
  });

  it('validates only one member', () => {
    expect(dtoField(SetUpDto, 'password')(new FormControl('correct horse battery'))).toBeNull();
  });

  it('states the limit of the DTO', () => {
    const displayName = dtoField(CreateUserDto, 'displayName');

    expect(message(displayName, 'x'.repeat(DISPLAY_NAME_MAX_LENGTH + 1))).toBe(
      `Use at most ${DISPLAY_NAME_MAX_LENGTH} characters.`,
    );
  });
});
