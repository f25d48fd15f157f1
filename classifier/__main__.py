"""``python -m classifier`` is the ``linespam`` command."""

from classifier.cli.app import main

if __name__ == "__main__":
    main()
