-- The PostgreSQL container runs this once, as its administrator, on an empty volume. Latchkey owns this database and nothing
-- else.
\getenv password POSTGRES_PASSWORD
CREATE ROLE latchkey LOGIN PASSWORD :'password';
CREATE DATABASE latchkey OWNER latchkey ENCODING 'UTF8' TEMPLATE template0;
-- From now on the administrator can connect only from inside the container, without a password.
ALTER ROLE postgres PASSWORD NULL;
