"""What tests of agreements share."""
