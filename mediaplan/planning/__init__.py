"""What to do: a Brief and a Response become a Plan."""
