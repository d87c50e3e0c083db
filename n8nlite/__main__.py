"""`python -m n8nlite` is the same as `n8nlite`."""

from n8nlite.cli import main

if __name__ == "__main__":
    main()
