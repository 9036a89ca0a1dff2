"""What the tests share: waiting on conditions, and finding what a test left behind."""
