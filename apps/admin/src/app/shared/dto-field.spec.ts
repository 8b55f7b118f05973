import { FormControl } from '@angular/forms';
import { CreateUserDto, DISPLAY_NAME_MAX_LENGTH, SetUpDto } from '@latchkey/auth-models';
import { dtoField } from './dto-field';

const name = dtoField(CreateUserDto, 'name');
const email = dtoField(CreateUserDto, 'email');

describe('dtoField', () => {
  it('passes what the DTO allows', () => {
    expect(name(new FormControl('anna.müller'))).toBeNull();
  });

  it('refuses what the DTO refuses, in words for people', () => {
    expect(name(new FormControl('two words'))?.['dto']).toContain('of one script');
  });

  it('says that a needed field is empty', () => {
    expect(name(new FormControl(''))).toEqual({ dto: 'This is needed.' });
  });

  it('takes an empty optional field as absent', () => {
    expect(email(new FormControl(''))).toBeNull();
  });

  it('checks one member only', () => {
    expect(dtoField(SetUpDto, 'password')(new FormControl('correct horse'))).toBeNull();
  });

  it('quotes the limit that the DTO has', () => {
    const displayName = dtoField(CreateUserDto, 'displayName');

    expect(displayName(new FormControl('x'.repeat(DISPLAY_NAME_MAX_LENGTH + 1)))).toEqual({
      dto: `At most ${DISPLAY_NAME_MAX_LENGTH} characters.`,
    });
  });
});
